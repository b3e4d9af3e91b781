// The driver for Twilio: the Voice SDK as vendored, with tokens that this console mints.

const RENEW_BEFORE_MS = 60_000;
// Voice SDK, UserMediaErrors: permission denied, and no device acquired.
const DENIED = 31401;
const NOT_FOUND = 31402;
const LOUDEST = 32767;

function load(address) {
  if (window.Twilio?.Device) return Promise.resolve();
  return new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = loaded;
    script.onerror = () => failed(new Error(`${address} could not be loaded`));
    document.head.append(script);
  });
}

function permissionOf(error) {
  if (error.code === DENIED || error.originalError?.name === "NotAllowedError") return "denied";
  return error.code === NOT_FOUND || error.originalError?.name === "NotFoundError" ? "missing" : null;
}

function stateOf(call) {
  if (!call) return "idle";
  return call.status() === "open" ? "talking" : "ringing";
}

export async function connect({ token, tell, sdk }) {
  await load(sdk);
  const device = new window.Twilio.Device(token, { codecPreferences: ["opus", "pcmu"], tokenRefreshMs: RENEW_BEFORE_MS, closeProtection: true });
  let call = null;
  const be = (state) => tell("state", { state, call: call?.parameters?.CallSid ?? null });
  const over = () => {
    call = null;
    be("idle");
  };
  device.on("incoming", (incoming) => {
    call = incoming;
    incoming.on("accept", () => be("talking"));
    for (const end of ["cancel", "disconnect", "reject"]) incoming.on(end, over);
    incoming.on("reconnecting", () => be("lost"));
    incoming.on("reconnected", () => be("talking"));
    incoming.on("sample", (sample) => {
      const [own, other] = [sample.audioInputLevel, sample.audioOutputLevel].map((level) => level / LOUDEST);
      tell("quality", { lost: sample.packetsLostFraction / 100, jitter: sample.jitter, own, other });
    });
    be("ringing");
  });
  device.on("registered", () => be(stateOf(call)));
  device.on("unregistered", () => be("lost"));
  device.on("tokenWillExpire", () => tell("renew"));
  device.on("error", (error) => {
    const permission = permissionOf(error);
    if (permission) tell("permission", { state: permission });
    else if (device.state !== "registered") be("lost");
  });
  // It goes on trying by itself, and says when it is registered.
  device.register().catch(() => be("lost"));
  // The desk rings in the line's own cadence.
  device.audio?.incoming(false);
  return {
    answer: () => call?.accept(),
    reject: () => call?.reject(),
    hangup: () => call?.disconnect(),
    press: (digit) => call?.sendDigits(digit),
    mute: (isMuted) => call?.mute(isMuted),
    take: () => device.register(),
    renew: (fresh) => device.updateToken(fresh),
    choose: (microphone) => device.audio?.setInputDevice(microphone || "default"),
    stop: () => device.destroy(),
  };
}
