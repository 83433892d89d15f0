-- What a cell shows stands in the text by itself, as the embedded renderer sets it: Typst would make a block of each
-- division that Quarto puts around it. That takes away the space around a figure, and adds some where nothing is shown.
if not FORMAT:match("typst") then
  return {}
end

return {
  {
    Div = function(div)
      local is_of_a_cell = div.classes:includes("cell") or div.classes:includes("cell-output")
      if is_of_a_cell and (div.identifier == "" or #div.content == 0) then
        return div.content
      end
    end,
  },
}
