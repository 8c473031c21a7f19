// An agent as one writes it after the README of the original OCG: it knows nothing of what came
// later, reads the first message, answers 202 at once and calls back, signed.
import { createHmac } from "node:crypto";
import http from "node:http";

const server = http.createServer(async (req, res) => {
  let body = "";
  for await (const chunk of req) body += chunk;
  const callbackUrl = req.headers["x-ocg-callback"];
  if (!callbackUrl) {
    res.writeHead(400);
    res.end("missing X-OCG-Callback");
    return;
  }
  res.writeHead(202, { "Content-Type": "application/json" });
  res.end(JSON.stringify({ status: "accepted" }));
  const message = JSON.parse(body).messages[0].content;
  const reply = JSON.stringify({ reply: `You said: ${message}` });
  const hmac = createHmac("sha256", process.env.CALLBACK_SECRET).update(reply);
  await fetch(callbackUrl, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-OCG-Signature": `sha256=${hmac.digest("hex")}`,
    },
    body: reply,
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});
