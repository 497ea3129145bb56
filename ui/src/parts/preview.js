// The picture that was chosen in a form, before it is sent: <img data-preview-of="id of the file input">.
for (const picture of document.querySelectorAll("[data-preview-of]")) {
  const input = document.getElementById(picture.dataset.previewOf);
  if (!input) continue;
  const before = picture.getAttribute("src");
  input.addEventListener("change", () => {
    if (picture.src.startsWith("blob:")) URL.revokeObjectURL(picture.src);
    const [chosen] = input.files;
    if (chosen) picture.src = URL.createObjectURL(chosen);
    else if (before) picture.src = before;
    picture.hidden = !chosen && !before;
    const empty = picture.parentElement.querySelector("[data-preview-empty]");
    if (empty) empty.hidden = !picture.hidden;
  });
}
