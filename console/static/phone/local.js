// The driver for the local carrier: its own voice SDK, loaded from where it stands.

const STATES = { calling: "talking" };
const PERMISSIONS = { asked: "asked", on: "granted", denied: "denied" };

export async function connect({ url, identity, token, tell }) {
  const { Device, chooseMicrophone } = await import(`${url}/sdk/voice.js`);
  const device = new Device({ url, identity, token });
  device.addEventListener("state", ({ detail }) => {
    const state = detail.taken ? "taken" : (STATES[detail.state] ?? detail.state);
    tell("state", { state, call: detail.call });
    if (PERMISSIONS[detail.microphone]) tell("permission", { state: PERMISSIONS[detail.microphone] });
  });
  device.addEventListener("renew", () => tell("renew"));
  device.addEventListener("quality", ({ detail }) => {
    const { received, lost, jitter, level_in: own, level_out: other } = detail;
    tell("quality", { lost: lost / Math.max(1, received + lost), jitter: jitter * 1000, own, other });
  });
  await device.start();
  return {
    answer: () => device.answer(),
    reject: () => device.reject(),
    hangup: () => device.hangup(),
    press: (digit) => device.press(digit),
    mute: (isMuted) => device.mute(isMuted),
    take: () => device.take(),
    renew: (fresh) => device.renew(fresh),
    choose: (microphone) => chooseMicrophone(microphone),
    stop: () => device.stop(),
  };
}
