const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A size for people, in powers of 1000: `0 byte`, `12.3 MB`. */
export function formatBytes(bytes: number): string {
  return formatUnit(bytes, '')
}

/** A speed for people: `48.2 MB/s`. */
export function formatSpeed(bytesPerSecond: number): string {
  return formatUnit(bytesPerSecond, '-per-second')
}

/** A time span for people in its two largest units: `5 s`, `2 min 5 s`, `3 h 20 min`. Less than a second is one. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(Math.ceil(ms / 1000), 1)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (minutes === 0) return `${seconds} s`
  if (hours === 0) return `${minutes} min ${seconds % 60} s`
  return `${hours} h ${minutes % 60} min`
}

function formatUnit(value: number, per: '' | '-per-second'): string {
  const exponent = value < 1000 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), BYTE_UNITS.length - 1)
  const unit = `${BYTE_UNITS[exponent] ?? 'byte'}${per}`
  return new Intl.NumberFormat('en', {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: exponent === 0 ? 0 : 1,
  }).format(value / 1000 ** exponent)
}
