-- A table cell that begins like a heading or a list of Typst stays text, as it does in the embedded renderer.
if not FORMAT:match("typst") then
  return {}
end

local function is_mark(text)
  return text:match("^=+$") or text:match("^[-+/]$") or text:match("^%d+%.$")
end

return {
  {
    Plain = function(plain)
      local first = plain.content[1]
      if first and first.t == "Str" and is_mark(first.text) then
        plain.content[1] = pandoc.RawInline("typst", "\\" .. first.text)
      end
      return plain
    end,
  },
}
