"use strict";
const [files, under, bar, cancel, told] = ["files", "under", "bar", "cancel", "told"].map((id) =>
  document.getElementById(id)
);
let request = null;
let stopped = false;

const megabytes = (bytes) => (bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 }) + " MB";

// One after the other: each request carries one file, and the bar counts the bytes of all of them.
function send(file, before, all) {
  return new Promise((resolve, reject) => {
    request = new XMLHttpRequest();
    request.open("PUT", `${location.pathname}/file?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => {
      bar.value = (before + event.loaded) / all;
      told.textContent = `${file.name}: ${megabytes(event.loaded)} of ${megabytes(file.size)}`;
    };
    request.onload = () => {
      if (request.status === 200) return resolve();
      let reason = "The file could not be sent.";
      try {
        reason = JSON.parse(request.responseText).told;
      } catch {
        // what answered was not ours
      }
      reject(new Error(reason));
    };
    request.onerror = () => reject(new Error("The connection broke; nothing of the file was kept."));
    request.onabort = () => reject(new Error("Cancelled; nothing of the file was kept."));
    request.send(file);
  });
}

files.addEventListener("change", async () => {
  const chosen = [...files.files];
  const all = chosen.reduce((sum, file) => sum + file.size, 0) || 1;
  let before = 0;
  stopped = false;
  bar.value = 0;
  under.hidden = false;
  files.disabled = true;
  try {
    for (const file of chosen) {
      if (stopped) break;
      await send(file, before, all);
      before += file.size;
    }
    told.textContent = `Received: ${chosen.map((file) => file.name).join(", ")}`;
  } catch (problem) {
    told.textContent = problem.message;
  }
  under.hidden = true;
  files.disabled = false;
  files.value = "";
});

cancel.addEventListener("click", () => {
  stopped = true;
  if (request) request.abort();
});
