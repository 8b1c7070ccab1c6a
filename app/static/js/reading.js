// @ts-check
/** Every way in which a car is read on the gate's and the patrol's page: camera, photo, hand scanner. */

import { showControls } from "./camera-controls.js";
import { NoCamera, Scanner, startCamera } from "./camera.js";
import { listenForScans } from "./hand-scanner.js";

/** @import { Words } from "./verdict.js" */

/** @returns {HTMLDialogElement | null} what lies over the page. */
const openSheet = () => document.querySelector("dialog[open]");

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Starts the camera, where there is one, and listens for hand scanners and photos.
 * @param {object} given
 * @param {Words["page"]} given.words
 * @param {string} given.worker address of the decoding worker's script.
 * @param {(text: string) => void} given.seen called for every frame that shows a symbol.
 * @param {(text: string) => void} given.scanned called for what a hand scanner or a photo reads: each
 *   time somebody meant it.
 * @returns {Scanner} pause it while a verdict is shown.
 */
export function startReading({ words, worker, seen, scanned }) {
  const video = /** @type {HTMLVideoElement} */ (byId("camera"));
  const says = byId("camera-says");
  const aim = [...says.childNodes];
  // The worker gets ready while the camera starts.
  const scanner = new Scanner(video, worker, (text) => {
    if (!openSheet()) seen(text);
  });

  const start = async () => {
    try {
      const track = await startCamera(video);
      delete says.dataset.kind;
      says.replaceChildren(...aim);
      await showControls(byId("camera-controls"), video, track);
    } catch (error) {
      says.dataset.kind = "trouble";
      says.textContent = words[error instanceof NoCamera ? error.message : "no_camera"].join(" · ");
    }
    says.parentElement?.classList.toggle("without", says.dataset.kind === "trouble");
  };
  start();
  // A phone that was put away comes back with a camera that has ended.
  document.addEventListener("visibilitychange", () => {
    const stream = /** @type {MediaStream | null} */ (video.srcObject);
    const hasEnded = stream?.getVideoTracks().every((track) => track.readyState === "ended");
    if (document.visibilityState === "visible" && hasEnded) start();
  });

  listenForScans((text) => {
    // Who scans the next car has done with the sheet.
    openSheet()?.close();
    scanned(text);
  });
  const photo = /** @type {HTMLInputElement} */ (byId("photo-of-code"));
  photo.addEventListener("change", async () => {
    const file = photo.files?.[0];
    const text = file && (await scanner.readPhoto(file));
    photo.value = "";
    if (text) scanned(text);
    else if (file) byId("recorded").textContent = words.photo_no_code.join(" · ");
  });
  return scanner;
}
