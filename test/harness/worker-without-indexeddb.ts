// The worker script in a browser without IndexedDB.
import './without-indexeddb.ts'
import '@sluice/worker/entry'
