// An agent for OCG's async mode: it accepts each message at once and calls back later.
//
// Node.js 18 or later. PORT is where it listens, CALLBACK_SECRET is the gateway's "callbackSecret".
import { createHmac } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.CALLBACK_SECRET ?? "";

/** The agent's actual work, which may take hours. */
async function think(text) {
  return `You said: ${text}`;
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
  let body = "";
  for await (const chunk of req) body += chunk;
  if (!url) {
    res.writeHead(400).end("missing X-OCG-Callback");
    return;
  }
  res.writeHead(202, { "Content-Type": "application/json" }).end('{"status":"accepted"}');
  const text = JSON.parse(body).messages.at(-1).content;
  await callBack(url, await think(text)).catch((error) => console.error(error));
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
