// @ts-check
/** Torch, zoom, another camera: each is shown only where the phone has it. */

import { chooseCamera, startCamera } from "./camera.js";

/**
 * What a track can do beside what TypeScript knows (Image Capture).
 * @typedef {MediaTrackCapabilities & {torch?: boolean,
 *   zoom?: {min: number, max: number, step: number}}} Capabilities
 */

/** @param {ParentNode} root @param {string} selector @returns {any} */
const part = (root, selector) => root.querySelector(selector);

/**
 * Wires the controls of a camera that plays.
 * @param {HTMLElement} root holds `[data-torch]`, `[data-zoom]` and `[data-cameras]`.
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack} track
 */
export async function showControls(root, video, track) {
  const can = /** @type {Capabilities} */ (track.getCapabilities?.() ?? {});
  torch(part(root, "[data-torch]"), track, can);
  zoom(part(root, "[data-zoom]"), track, can);
  await cameras(part(root, "[data-cameras]"), root, video, track);
}

/** @param {MediaStreamTrack} track @param {Record<string, unknown>} wish */
function apply(track, wish) {
  const advanced = /** @type {MediaTrackConstraintSet[]} */ ([wish]);
  return track.applyConstraints({ advanced });
}

/** @param {HTMLButtonElement} button @param {MediaStreamTrack} track @param {Capabilities} can */
function torch(button, track, can) {
  button.hidden = !can.torch;
  button.setAttribute("aria-pressed", "false");
  button.onclick = async () => {
    const isOn = button.getAttribute("aria-pressed") !== "true";
    await apply(track, { torch: isOn });
    button.setAttribute("aria-pressed", String(isOn));
  };
}

/** @param {HTMLInputElement} slider @param {MediaStreamTrack} track @param {Capabilities} can */
function zoom(slider, track, can) {
  slider.hidden = !can.zoom || can.zoom.max <= can.zoom.min;
  if (slider.hidden || !can.zoom) return;
  const { min, max, step } = can.zoom;
  const settings = /** @type {{zoom?: number}} */ (track.getSettings());
  Object.assign(slider, { min, max, step: step || (max - min) / 20, value: settings.zoom ?? min });
  slider.oninput = () => apply(track, { zoom: Number(slider.value) });
}

/**
 * @param {HTMLSelectElement} choice
 * @param {HTMLElement} root
 * @param {HTMLVideoElement} video
 * @param {MediaStreamTrack} track
 */
async function cameras(choice, root, video, track) {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const all = devices.filter(({ kind }) => kind === "videoinput");
  choice.hidden = all.length < 2;
  choice.replaceChildren(
    ...all.map(({ deviceId, label }, place) => new Option(label || `${place + 1}`, deviceId)),
  );
  choice.value = track.getSettings().deviceId ?? "";
  choice.onchange = async () => {
    chooseCamera(choice.value);
    await showControls(root, video, await startCamera(video));
  };
}
