// An agent for OCG's async mode: it accepts each message at once and calls back later.
//
// Node.js 18 or later. PORT is where it listens (0 takes a free port), CALLBACK_SECRET is the
// gateway's "callbackSecret", if it has one.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.CALLBACK_SECRET ?? "";

/** The agent's actual work, which may take hours. */
async function think(text) {
  return `You said: ${text}`;
}

/** Whether the gateway has signed this message just now, as Standard Webhooks has it. */
function isFromGateway(headers, body) {
  const sent = headers["webhook-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(sent)) <= 300)) return false;
  const hmac = createHmac("sha256", secret).update(`${headers["webhook-id"]}.${sent}.`);
  const expected = Buffer.from(`v1,${hmac.update(body).digest("base64")}`);
  return (headers["webhook-signature"] ?? "").split(" ").some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

async function callBack(url, reply) {
  const body = JSON.stringify({ reply });
  const headers = { "Content-Type": "application/json" };
  if (secret) {
    const digest = createHmac("sha256", secret).update(body).digest("hex");
    headers["X-OCG-Signature"] = `sha256=${digest}`;
  }
  const response = await fetch(url, { method: "POST", headers, body });
  if (!response.ok) console.error(`callback refused: ${response.status} ${await response.text()}`);
}

const server = createServer(async (req, res) => {
  const url = req.headers["x-ocg-callback"];
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (!url) {
    res.writeHead(400).end("missing X-OCG-Callback");
    return;
  }
  if (secret && !isFromGateway(req.headers, body)) {
    res.writeHead(401).end("not signed by the gateway");
    return;
  }
  res.writeHead(202, { "Content-Type": "application/json" }).end('{"status":"accepted"}');
  const text = JSON.parse(body).messages.at(-1).content;
  await callBack(url, await think(text)).catch((error) => console.error(error));
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
