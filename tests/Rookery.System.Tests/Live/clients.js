// Two clients that nobody here wrote, Debian's node-ws and node-eventsource, say on lines of JSON what they are told.
const WebSocket = require("ws");
const EventSource = require("eventsource");

const [origin, token] = process.argv.slice(2);
const say = (...said) => console.log(JSON.stringify(said));

const socket = new WebSocket(origin.replace("http", "ws") + "/api/v1/streaming/", [token]);
socket.on("open", () => {
  say("socket", "open", socket.protocol === token);
  for (const stream of ["user", "public:local", "user:notification", "list"])
    socket.send(JSON.stringify({ type: "subscribe", stream }));
});
socket.on("message", (data, isBinary) => {
  const { stream, event, payload, error, status } = JSON.parse(data);
  if (error) say("socket", "error", status, isBinary);
  else if (event === "notification") say("socket", event, stream, JSON.parse(payload).type, JSON.parse(payload).account.acct);
  else say("socket", event, stream, event === "update" ? JSON.parse(payload).id : payload);
});
socket.on("ping", () => say("socket", "ping"));
socket.on("close", (code, reason) => say("socket", "close", code, reason.toString()));
socket.on("error", (wrong) => say("socket", "wrong", wrong.message));

const events = new EventSource(origin + "/api/v1/streaming/user", {
  headers: { Authorization: "Bearer " + token },
});
events.onopen = () => say("events", "open");
events.addEventListener("update", (event) => say("events", "update", JSON.parse(event.data).id));
events.addEventListener("notification", (event) => say("events", "notification", JSON.parse(event.data).type, JSON.parse(event.data).account.acct));
events.addEventListener("delete", (event) => say("events", "delete", event.data));
events.addEventListener("gap", (event) => say("events", "gap", event.data));
