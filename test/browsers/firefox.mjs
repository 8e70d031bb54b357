import { INSECURE_HOST } from './insecure-host.mjs'

/**
 * How the stock Firefox is launched by Playwright: the channel chooses WebDriver BiDi, which it speaks by itself. The settings
 * keep it from calling anyone.
 */
export const FIREFOX_LAUNCH = {
  executablePath: '/usr/bin/firefox-esr',
  channel: 'moz-firefox',
  firefoxUserPrefs: {
    'app.normandy.enabled': false,
    'app.update.enabled': false,
    'browser.region.network.url': '',
    'datareporting.policy.dataSubmissionEnabled': false,
    // Names of this machine.
    'network.dns.localDomains': INSECURE_HOST,
    'messaging-system.rsexperimentloader.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'services.settings.server': 'data:,',
  },
}
