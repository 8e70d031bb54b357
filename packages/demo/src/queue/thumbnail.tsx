import { useEffect, useRef } from 'preact/hooks'
import type { JSX } from 'preact'

/** Pixels of a thumbnail, twice its size on the page. */
const PIXELS = 96
/** A larger image takes too much memory to be decoded for this. */
const MOST_BYTES = 24 * 1024 ** 2

/** A small picture of an image, or the type of another file. */
export function Thumbnail({ file }: { readonly file: File }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const isImage = file.type.startsWith('image/') && file.size <= MOST_BYTES
  useEffect(() => {
    if (!isImage) return undefined
    const gone = new AbortController()
    void inTurn(async () => {
      if (!gone.signal.aborted && canvas.current !== null) await draw(file, canvas.current)
    })
    return () => gone.abort()
  }, [file, isImage])
  return (
    <span class="thumbnail" data-kind={kindOf(file)} aria-hidden="true">
      {extensionOf(file.name)}
      {isImage && <canvas ref={canvas} width={PIXELS} height={PIXELS} />}
    </span>
  )
}

/** One image is decoded at a time. */
let lastTurn: Promise<void> = Promise.resolve()

function inTurn(work: () => Promise<void>): Promise<void> {
  lastTurn = lastTurn.then(work)
  return lastTurn
}

async function draw(file: File, canvas: HTMLCanvasElement): Promise<void> {
  // What the browser cannot decode keeps its type.
  const image = await createImageBitmap(file, { resizeWidth: PIXELS, resizeQuality: 'medium' }).catch(
    () => undefined,
  )
  if (image === undefined) return
  const scale = PIXELS / Math.min(image.width, image.height)
  const [width, height] = [image.width * scale, image.height * scale]
  const context = canvas.getContext('2d')
  context?.drawImage(image, (PIXELS - width) / 2, (PIXELS - height) / 2, width, height)
  canvas.classList.add('is-drawn')
  image.close()
}

function kindOf({ type }: File): string {
  return type.slice(0, type.indexOf('/')) || 'other'
}

/** At most four letters: more have no place. */
function extensionOf(name: string): string {
  return /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase() ?? ''
}
