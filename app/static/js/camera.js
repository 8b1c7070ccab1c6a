// @ts-check
/** A phone's back camera, and the symbols that it or a photo shows. */

import { measured } from "./measuring.js";

/** Why there is no picture: a key of the page's words. */
export class NoCamera extends Error {}

/** Apps whose built-in browser has no camera on some phones: WeChat, QQ, Alipay, DingTalk. */
const IN_APP = /MicroMessenger|\bQQ\/|AlipayClient|DingTalk/;

const CHOSEN = "gate-camera";

/** A photo is decoded as large as this first; a blurred one reads better small. */
const PHOTO_SIDES_PX = [2000, 1000];

/**
 * Starts a camera in a video element: the one that was chosen on this phone before, else one at the
 * back.
 * @param {HTMLVideoElement} video
 * @returns {Promise<MediaStreamTrack>}
 * @throws {NoCamera} with `needs_https`, `camera_refused`, `no_camera_in_app` or `no_camera` as its
 *   message
 */
export async function startCamera(video) {
  if (!window.isSecureContext) throw new NoCamera("needs_https");
  const none = IN_APP.test(navigator.userAgent) ? "no_camera_in_app" : "no_camera";
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(none);
  stopCamera(video);
  const stream = await chosenStream().catch((error) => {
    const refused = error instanceof DOMException && error.name === "NotAllowedError";
    throw new NoCamera(refused ? "camera_refused" : none);
  });
  video.srcObject = stream;
  await video.play();
  return stream.getVideoTracks()[0];
}

/** @returns {Promise<MediaStream>} of the chosen camera while it is there, else of one at the back. */
async function chosenStream() {
  const chosen = localStorage.getItem(CHOSEN);
  if (chosen) {
    try {
      return await streamOf({ deviceId: { exact: chosen } });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "OverconstrainedError") throw error;
    }
  }
  return streamOf({ facingMode: { ideal: "environment" } });
}

/** @param {MediaTrackConstraints} which */
function streamOf(which) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { ...which, ...size } });
}

/** @param {HTMLVideoElement} video */
function stopCamera(video) {
  const stream = /** @type {MediaStream | null} */ (video.srcObject);
  stream?.getTracks().forEach((track) => track.stop());
}

/** Remembers which camera to start on this phone. @param {string} deviceId */
export function chooseCamera(deviceId) {
  localStorage.setItem(CHOSEN, deviceId);
}

/** Reads symbols from a playing video, one frame at a time, and from photos, in a worker. */
export class Scanner {
  /**
   * @param {HTMLVideoElement} video may start later: the worker gets ready meanwhile.
   * @param {string} workerUrl
   * @param {(text: string) => void} found called for every frame that shows a symbol
   */
  constructor(video, workerUrl, found) {
    this.video = video;
    this.found = found;
    this.paused = false;
    this.busy = true;
    this.startedAt = 0;
    this.canvas = document.createElement("canvas");
    /** @type {Map<number, (text: string | null) => void>} */
    this.asked = new Map();
    this.worker = new Worker(workerUrl, { type: "module" });
    this.worker.addEventListener("message", (event) => this.answered(event.data));
    this.tick = this.tick.bind(this);
    requestAnimationFrame(this.tick);
  }

  /** @param {{ready?: boolean, id?: number, text?: string | null}} answer */
  answered(answer) {
    const photo = this.asked.get(answer.id ?? 0);
    if (photo) {
      this.asked.delete(answer.id ?? 0);
      return photo(answer.text ?? null);
    }
    this.busy = false;
    if (answer.id === undefined && !answer.ready) measured("decode", this.startedAt);
    if (answer.text && !this.paused) this.found(answer.text);
  }

  tick() {
    requestAnimationFrame(this.tick);
    const { videoWidth: width, videoHeight: height } = this.video;
    if (this.busy || this.paused || !width || this.video.paused) return;
    this.startedAt = performance.now();
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    this.canvas.width = width;
    this.canvas.height = height;
    context.drawImage(this.video, 0, 0);
    const image = context.getImageData(0, 0, width, height);
    this.busy = true;
    this.worker.postMessage({ image }, [image.data.buffer]);
  }

  /**
   * Returns what the symbol in a photo says, null where none is found.
   * @param {Blob} photo
   */
  async readPhoto(photo) {
    const bitmap = await createImageBitmap(photo).catch(() => null);
    if (!bitmap) return null;
    for (const side of PHOTO_SIDES_PX) {
      const text = await this.read(pixels(bitmap, side));
      if (text) return text;
    }
    return null;
  }

  /** @param {ImageData} image @returns {Promise<string | null>} */
  read(image) {
    return new Promise((resolve) => {
      const id = ++lastId;
      this.asked.set(id, resolve);
      this.worker.postMessage({ id, image }, [image.data.buffer]);
    });
  }
}

let lastId = 0;

/** @param {ImageBitmap} bitmap @param {number} longestSide pixels */
function pixels(bitmap, longestSide) {
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.round(bitmap.width * scale);
  const height = Math.round(bitmap.height * scale);
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
