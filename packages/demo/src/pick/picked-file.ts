/** A file that a person chose or dropped. */
export interface PickedFile {
  readonly file: File
  /** Its name, with the folders before it when it came in one. */
  readonly path: string
  /** Opens it again in a later page, where the browser gives such handles. */
  readonly handle?: FileSystemFileHandle
}
