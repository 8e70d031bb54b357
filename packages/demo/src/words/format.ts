const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Figures for people. */
export interface Format {
  /** A size in powers of 1000: `0 byte`, `12.3 MB`. */
  readonly bytes: (bytes: number) => string
  /** `48.2 MB/s`. */
  readonly speed: (bytesPerSecond: number) => string
  /** A time span in its two largest units: `5 s`, `2 min 5 s`, `3 h 20 min`. Less than a second is one. */
  readonly duration: (ms: number) => string
  readonly count: (count: number) => string
  /** The time of day: `14:03:59`. */
  readonly time: (atMs: number) => string
}

/** @param locale as of `Intl` */
export function createFormat(locale: string): Format {
  const count = new Intl.NumberFormat(locale)
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
  const unit = (value: number, name: string, maximumFractionDigits: number): string =>
    formatter(locale, name, maximumFractionDigits).format(value)
  const scaled = (value: number, per: '' | '-per-second'): string => {
    const exponent = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), BYTE_UNITS.length - 1)
    return unit(value / 1000 ** exponent, `${BYTE_UNITS[exponent] ?? 'byte'}${per}`, exponent === 0 ? 0 : 1)
  }
  return {
    bytes: (bytes) => scaled(bytes, ''),
    speed: (bytesPerSecond) => scaled(bytesPerSecond, '-per-second'),
    duration: (ms) =>
      largestUnits(ms)
        .map(([value, name]) => unit(value, name, 0))
        .join(' '),
    count: (value) => count.format(value),
    time: (atMs) => time.format(atMs),
  }
}

function largestUnits(ms: number): readonly (readonly [value: number, unit: string])[] {
  const seconds = Math.max(Math.ceil(ms / 1000), 1)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours > 0)
    return [
      [hours, 'hour'],
      [minutes % 60, 'minute'],
    ]
  if (minutes > 0)
    return [
      [minutes, 'minute'],
      [seconds % 60, 'second'],
    ]
  return [[seconds, 'second']]
}

/** Making one takes longer than using it thousands of times. */
const formatters = new Map<string, Intl.NumberFormat>()

function formatter(locale: string, unit: string, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale} ${unit} ${maximumFractionDigits}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const made = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits,
  })
  formatters.set(key, made)
  return made
}
