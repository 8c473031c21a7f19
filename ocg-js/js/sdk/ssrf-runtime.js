/** Requests that must not reach private networks (plugin contract §6.1). */
export {
  SsrFBlockedError,
  fetchWithSsrFGuard,
  isBlockedHostnameOrIp,
} from "ocg:runtime/guarded-fetch";
