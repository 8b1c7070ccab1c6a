// @ts-check
/** What a guard hears and feels of a verdict without looking, and a screen that stays on. */

const MUTED = "gate-muted";

/**
 * Notes of each verdict: pitch in Hz and seconds. Admit rises, check stays, refuse falls, so that
 * they are told apart in traffic and on a bad loudspeaker.
 * @type {Record<string, [number, number][]>}
 */
const TONES = {
  scanned: [[1200, 0.05]],
  admit: [[660, 0.09], [990, 0.16]],
  check: [[740, 0.12], [0, 0.06], [740, 0.12]],
  refuse: [[300, 0.2], [0, 0.05], [200, 0.35]],
};

/** Vibration of each verdict, milliseconds on and off. @type {Record<string, number[]>} */
const SHAKES = { scanned: [40], admit: [80], check: [120, 80, 120], refuse: [350, 120, 350] };

const LOUDNESS = 0.25;

export class Signals {
  /** @type {AudioContext | null} */
  audio = null;

  constructor() {
    this.isMuted = localStorage.getItem(MUTED) === "yes";
    // Browsers make no sound before the page was touched.
    for (const touch of ["pointerdown", "keydown"]) {
      document.addEventListener(touch, () => this.wake(), { capture: true });
    }
  }

  wake() {
    if (!this.isMuted) this.audio ??= new AudioContext();
    if (this.audio?.state === "suspended") this.audio.resume().catch(() => {});
  }

  /** @param {boolean} isMuted */
  mute(isMuted) {
    this.isMuted = isMuted;
    localStorage.setItem(MUTED, isMuted ? "yes" : "no");
    if (!isMuted) this.wake();
  }

  /** Signals a verdict, or that something was `scanned`. @param {string} what */
  give(what) {
    if (this.isMuted) return;
    // Before the first touch a browser refuses to shake, and complains.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[what]);
    if (this.audio?.state !== "running") return;
    let at = this.audio.currentTime;
    for (const [pitch, seconds] of TONES[what]) {
      if (pitch) this.tone(this.audio, pitch, at, seconds);
      at += seconds;
    }
  }

  /** @param {AudioContext} audio @param {number} pitch @param {number} at @param {number} seconds */
  tone(audio, pitch, at, seconds) {
    const oscillator = new OscillatorNode(audio, { type: "square", frequency: pitch });
    const volume = new GainNode(audio, { gain: LOUDNESS });
    // Without the slope the end clicks.
    volume.gain.setTargetAtTime(0, at + seconds - 0.03, 0.01);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + seconds);
  }
}

/** Keeps the screen on as long as the page is in view, where the browser can. */
export async function keepAwake() {
  const ask = async () => {
    if (document.visibilityState === "visible") await navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  await ask();
}
