"use strict";
/** The fields of an exercise: what is filled in, as the value of an answer, and the other way. */
{
  const compendium = (globalThis.compendium ??= {});
  const lessons = (compendium.lessons ??= {});

  const fieldsOf = (form) => [...form.querySelectorAll("[data-part]")];

  /** Return what is filled into the fields of an exercise; what is empty is left out. */
  lessons.valueOf = (form, exercise) => {
    const fields = fieldsOf(form);
    if (exercise.kind === "writing") {
      const text = fields.find(({ dataset }) => dataset.part === "text").value;
      const points = fields.filter(({ dataset }) => dataset.part === "point");
      return { text, checklist: points.map(({ checked }) => checked) };
    }
    const value = {};
    for (const field of fields) {
      const { item, part } = field.dataset;
      if (["radio", "checkbox"].includes(field.type) ? !field.checked : !field.value.trim()) continue;
      if (exercise.kind === "coding") (value[item] ??= { code: "" })[part] = field.value;
      else value[item] = exercise.kind === "statements" ? field.value === "true" : field.value;
    }
    // Where names are marked, those that are not marked are left out on purpose, unless none is.
    const left = Object.keys(value).length ? fields.filter(({ type, checked }) => type === "checkbox" && !checked) : [];
    for (const { dataset } of left) value[dataset.item] = false;
    return value;
  };

  /** Fill the value of an answer into the fields of an exercise. The field that has the focus keeps its cursor. */
  lessons.fillIn = (form, exercise, value) => {
    for (const field of fieldsOf(form)) {
      const { item, part } = field.dataset;
      if (part === "text") setText(field, value.text ?? "");
      else if (part === "point") field.checked = value.checklist?.[Number(item)] === true;
      else {
        const given = exercise.kind === "coding" ? value[item]?.[part] : value[item];
        if (field.type === "checkbox") field.checked = given === true;
        else if (field.type === "radio") field.checked = given !== undefined && field.value === String(given);
        else setText(field, given ?? "");
      }
    }
  };

  function setText(field, text) {
    if (field.value !== text) field.value = text;
  }
}
