import { describeCheckpointStore } from '../../../../test/contracts/checkpoint-store.ts'
import { createIdbStore } from './idb-store.ts'

describeCheckpointStore('IndexedDB', (name) => createIdbStore(`${name}-${crypto.randomUUID()}`))
