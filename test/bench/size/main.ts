import { createUploader } from '@sluice/core'

// What a page cannot do without.
createUploader({ getCredentials: () => Promise.reject(new Error('Nobody uploads here')) })
