/** A name of this machine that browsers do not take for one: its pages are in no secure context. */
export const INSECURE_HOST = 'sluice.test'
