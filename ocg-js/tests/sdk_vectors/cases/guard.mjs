/** Requests that must not reach private networks. */
import { fetchWithSsrFGuard } from "openclaw/plugin-sdk/ssrf-runtime";

const publicAddress = async () => [{ address: "93.184.216.34", family: 4 }];

const addresses = [
  "https://example.com/a?b#c",
  "http://example.com:8080/",
  "https://EXAMPLE.com./",
  "ftp://example.com/",
  "file:///etc/passwd",
  "not a url",
  "",
  "http://localhost/",
  "http://api.localhost/",
  "http://printer.local/",
  "http://db.internal/",
  "http://metadata.google.internal/computeMetadata",
  "http://169.254.169.254/latest",
  "http://127.0.0.1/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://10.1.2.3/",
  "http://192.168.0.1/",
  "http://100.64.0.1/",
  "http://[::1]/",
  "http://[fe80::1]/",
  "http://[fd00::1]/",
  "http://[::ffff:10.0.0.1]/",
  "http://[64:ff9b::a00:1]/",
  "http://8.8.8.8/",
  "https://user:secret@example.com/",
];

const policies = [
  { policy: { allowPrivateNetwork: true } },
  { policy: { allowedHostnames: ["localhost", "10.0.0.1"] } },
  { policy: { hostnameAllowlist: ["*.example.com", "8.8.8.8"] } },
  { policy: { hostnameAllowlist: ["example.com"] } },
  { policy: { blockedHostnames: ["example.com"] } },
  { policy: { blockedHostnames: ["*.Example.com"], allowPrivateNetwork: true } },
  { policy: { allowedOrigins: ["http://localhost:8080"] } },
  { requireHttps: true },
];
const underPolicies = policies.flatMap((more) =>
  [
    "http://localhost/",
    "http://localhost:8080/",
    "http://10.0.0.1/",
    "http://10.0.0.2/",
    "https://example.com/",
    "https://cdn.example.com/",
    "http://169.254.169.254/",
  ].map((url) => ({ url, ...more })),
);

const secret = { headers: { authorization: "Bearer t", "x-key": "k", accept: "text/plain" } };
const post = { method: "POST", body: "payload", headers: { "content-type": "text/plain" } };
const to = (status, location) => ({ "https://example.com/": [status, location] });
const redirects = [
  [301, "https://example.com/next", secret],
  [302, "https://other.example/", secret],
  [302, "/relative", secret],
  [302, "http://127.0.0.1/", {}],
  [302, "http://example.com/", secret],
  [302, "ftp://example.com/", {}],
  [303, "https://example.com/next", post],
  [307, "https://example.com/next", post],
  [307, "https://other.example/", post],
  [308, "https://other.example/", { ...post, headers: { ...post.headers, cookie: "c" } }],
  [301, "https://example.com/next", post],
  [304, "https://example.com/next", {}],
  [302, undefined, {}],
].map(([status, location, init]) => ({
  url: "https://example.com/",
  init,
  answers: to(status, location),
}));
const inCircles = [0, 1, 3].map((maxRedirects) => ({
  url: "https://example.com/",
  maxRedirects,
  answers: {
    "https://example.com/": [302, "https://example.com/2"],
    "https://example.com/2": [302, "https://example.com/"],
  },
}));

/** What reached the network, and how it ended. */
async function ask({ answers = {}, ...params }) {
  const requests = [];
  const fetchImpl = async (input, init) => {
    const [status, location] = answers[String(input)] ?? [200];
    const headers = Object.fromEntries(new Headers(init?.headers));
    requests.push([init?.method ?? "GET", String(input), headers, init?.body ?? null]);
    return new Response(null, { status, headers: location ? { location } : {} });
  };
  try {
    const guarded = { lookupFn: publicAddress, fetchImpl, ...params };
    const { response, finalUrl, release } = await fetchWithSsrFGuard(guarded);
    await release();
    return { requests, status: response.status, finalUrl };
  } catch (error) {
    return { requests, error: error.name === "SsrFBlockedError" ? "blocked" : "refused" };
  }
}

export const cases = {
  "ssrf-runtime#fetchWithSsrFGuard": {
    inputs: [
      ...addresses.map((url) => ({ url })),
      ...underPolicies,
      ...redirects,
      ...inCircles,
    ],
    ask,
  },
};
