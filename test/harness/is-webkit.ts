/** Whether the tests run in WebKit. */
export const isWebKit = /AppleWebKit\/(?!.*Chrom)/.test(navigator.userAgent)
