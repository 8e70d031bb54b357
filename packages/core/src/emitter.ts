/** Removes a listener. Further calls do nothing. */
export type Unsubscribe = () => void

/** Options of listening to an event. */
export interface ListenOptions {
  /**
   * Removes the listener when aborted.
   *
   * @defaultValue none: it stays until it is removed
   */
  readonly signal?: AbortSignal
}

/** Is called with each event of its type. */
export type Listener<Event> = (event: Event) => void

/** Listeners of one object, typed by a map from event names to their payloads. */
export interface Emitter<Events> {
  readonly on: <Type extends keyof Events>(
    type: Type,
    listener: Listener<Events[Type]>,
    options?: ListenOptions,
  ) => Unsubscribe
  /** A listener that throws is reported as an uncaught error and does not stop the others. */
  readonly emit: <Type extends keyof Events>(type: Type, event: Events[Type]) => void
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners: { [Type in keyof Events]?: Set<Listener<Events[Type]>> } = {}
  return {
    on(type, listener, { signal } = {}) {
      if (signal?.aborted === true) return () => undefined
      const ofType = (listeners[type] ??= new Set())
      // One wrapper for each call, so that the same function may listen twice.
      const entry: typeof listener = (event) => listener(event)
      ofType.add(entry)
      const off = (): void => {
        ofType.delete(entry)
        signal?.removeEventListener('abort', off)
      }
      signal?.addEventListener('abort', off, { once: true })
      return off
    },
    emit(type, event) {
      // A copy: listeners may come and go while they are called.
      const current = Array.from(listeners[type] ?? [])
      for (const listener of current) {
        try {
          listener(event)
        } catch (error) {
          reportError(error)
        }
      }
    },
  }
}
