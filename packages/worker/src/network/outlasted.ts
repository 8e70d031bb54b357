import { UploadError } from '../protocol/errors.ts'

/** A body was on its way when the network went away, and did not move again when it was back. */
export class Outlasted extends UploadError {
  constructor() {
    super('TIMEOUT', 'The connection did not survive an outage of the network')
  }
}
