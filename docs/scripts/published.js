"use strict";
/** What every page of a published study does: buttons that copy what they carry, and folded parts that print. */
{
  for (const button of document.querySelectorAll("button.copy[hidden]")) button.hidden = false;

  const said = document.createElement("p");
  said.className = "only-heard";
  said.setAttribute("role", "status");
  document.body.append(said);

  // Browsers give pages that are opened from a folder no clipboard; selecting the text is the older way.
  const copied = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("button.copy");
    if (!button) return;
    const { copy } = button.dataset;
    const written = async () => navigator.clipboard.writeText(copy);
    const done = await written().then(
      () => true,
      () => copied(copy),
    );
    button.focus();
    said.textContent = done ? "Copied" : "Not copied";
    button.classList.toggle("copied", done);
    setTimeout(() => button.classList.remove("copied"), 2500);
  });
}
