// @ts-check
/** A phone's back camera, and the symbols that it sees. */

/** Why there is no picture: a key of the page's words. */
export class NoCamera extends Error {}

/**
 * Starts the back camera in a video element.
 * @param {HTMLVideoElement} video
 * @throws {NoCamera} with `needs_https`, `camera_refused` or `no_camera` as its message
 */
export async function startCamera(video) {
  if (!window.isSecureContext) throw new NoCamera("needs_https");
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("no_camera");
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: {
        facingMode: { ideal: "environment" },
        width: { ideal: 1280 },
        height: { ideal: 720 },
      },
    });
  } catch (error) {
    const refused = error instanceof DOMException && error.name === "NotAllowedError";
    throw new NoCamera(refused ? "camera_refused" : "no_camera");
  }
  await video.play();
}

/** Reads symbols from a playing video, one frame at a time, in a worker. */
export class Scanner {
  /**
   * @param {HTMLVideoElement} video
   * @param {string} workerUrl
   * @param {(text: string) => void} found called for every frame that shows a symbol
   */
  constructor(video, workerUrl, found) {
    this.video = video;
    this.found = found;
    this.paused = false;
    this.busy = true;
    this.canvas = document.createElement("canvas");
    this.worker = new Worker(workerUrl, { type: "module" });
    this.worker.addEventListener("message", (event) => this.answered(event.data));
    this.tick = this.tick.bind(this);
    requestAnimationFrame(this.tick);
  }

  /** @param {{ready?: boolean, text?: string | null}} answer */
  answered(answer) {
    this.busy = false;
    if (answer.text && !this.paused) this.found(answer.text);
  }

  tick() {
    requestAnimationFrame(this.tick);
    const { videoWidth: width, videoHeight: height } = this.video;
    if (this.busy || this.paused || !width || this.video.paused) return;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return;
    this.canvas.width = width;
    this.canvas.height = height;
    context.drawImage(this.video, 0, 0);
    const image = context.getImageData(0, 0, width, height);
    this.busy = true;
    this.worker.postMessage({ image }, [image.data.buffer]);
  }
}
