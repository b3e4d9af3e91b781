// A text message with its links: only those to this machine can be followed, for everybody else's are not ours.

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

/** Whether an address leads to this machine. */
export function isHere(address) {
  try {
    const { hostname } = new URL(address);
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  } catch {
    return false;
  }
}

function linkTo(address) {
  const link = document.createElement("a");
  Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer", textContent: address });
  return link;
}

export function placeText(part, text) {
  const pieces = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    if (!isHere(found[0])) continue;
    pieces.push(text.slice(end, found.index), linkTo(found[0]));
    end = found.index + found[0].length;
  }
  part.replaceChildren(...pieces, text.slice(end));
}
