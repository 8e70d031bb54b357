import { createUploader } from '@sluice/core'
import { getCredentials, uploadChosen } from './page.js'

uploadChosen(createUploader({ getCredentials }))
