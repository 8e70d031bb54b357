// Takes the database away, as a browser has it that has none: to be imported before whatever may look for it.
Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
