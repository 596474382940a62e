/** Heavy drawing code is fetched when its element comes near the window, not before. */

/** Call `draw` once, when the element is within a screen's distance. Returns how to stop waiting. */
export function whenNear(element: Element, draw: () => void): () => void {
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      draw();
    },
    { rootMargin: "600px" },
  );
  watcher.observe(element);
  // Paper has no «near»: whatever is on the page must be drawn before it is printed.
  const print = (): void => {
    watcher.disconnect();
    draw();
  };
  window.addEventListener("beforeprint", print, { once: true });
  return () => {
    watcher.disconnect();
    window.removeEventListener("beforeprint", print);
  };
}
