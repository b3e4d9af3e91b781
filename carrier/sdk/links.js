// All voice connections of one call: one to each page that takes part in it.

import { Link } from "./link.js";

// The other page may have read of the call first: its offer then comes before this page knows of it.
const MOST_EARLY = 40;

function statOf(list, type, name) {
  return list.filter((one) => one.type === type && (one.kind ?? "audio") === "audio").map((one) => one[name] ?? 0);
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const most = (values) => Math.max(0, ...values);

export class Links {
  #session;
  #send;
  #links = new Map();
  #early = [];

  /** `session` names this page; send(signal) brings {to, voice, link, description|candidate} to the carrier. */
  constructor(session, send) {
    this.#session = session;
    this.#send = send;
  }

  /** How many pages this one is connected with. */
  get size() {
    return this.#links.size;
  }

  /** Makes the links of a call as its state says; who left it for now (hold) keeps a silent link. */
  arrange({ call, peers }, { track, listening }) {
    const present = peers.filter((peer) => peer.voice);
    for (const { id, voice } of present) {
      if (this.#links.get(id)?.voice !== voice) this.#open({ id, voice, call });
    }
    for (const [id, { link }] of this.#links) {
      const peer = present.find((one) => one.id === id);
      link.speak(peer?.hears_me ? track : null);
      link.hear(Boolean(peer?.i_hear) && listening);
    }
  }

  /** Hands a signal to the link that it is for. */
  receive({ from, voice, ...signal }) {
    const known = this.#links.get(from);
    if (known?.voice === voice) known.link.receive(signal);
    else this.#early = [...this.#early.slice(-MOST_EARLY), { from, voice, ...signal }];
  }

  close() {
    this.#links.forEach(({ link }) => link.close());
    this.#links.clear();
  }

  async quality() {
    const lists = await Promise.all([...this.#links.values()].map(({ link }) => link.statistics()));
    const list = lists.flat();
    return {
      sent: sum(statOf(list, "outbound-rtp", "packetsSent")),
      received: sum(statOf(list, "inbound-rtp", "packetsReceived")),
      lost: sum(statOf(list, "inbound-rtp", "packetsLost")),
      jitter: most(statOf(list, "inbound-rtp", "jitter")),
      level_in: most(statOf(list, "media-source", "audioLevel")),
      level_out: most(statOf(list, "inbound-rtp", "audioLevel")),
      energy_in: sum(statOf(list, "media-source", "totalAudioEnergy")),
      energy_out: sum(statOf(list, "inbound-rtp", "totalAudioEnergy")),
    };
  }

  #open({ id, voice, call }) {
    this.#links.get(id)?.link.close();
    const send = (signal) => this.#send({ to: id, voice, ...signal });
    const link = new Link({ mine: `${this.#session} ${call}`, theirs: `${voice} ${id}`, send });
    this.#links.set(id, { voice, link });
    const early = this.#early.filter((signal) => signal.from === id && signal.voice === voice);
    this.#early = this.#early.filter((signal) => !early.includes(signal));
    early.forEach(({ from: _, voice: __, ...signal }) => link.receive(signal));
  }
}
