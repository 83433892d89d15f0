-- A link from the article to its supplement, or back, leads to the other in the same format; for XML, which nobody reads
-- as it is, to the PDF. Both renderers use this.
local endings = { { "html", "html" }, { "docx", "docx" }, { "typst", "pdf" }, { "jats", "pdf" } }

local function ending()
  for _, pair in ipairs(endings) do
    if FORMAT:match(pair[1]) then
      return pair[2]
    end
  end
end

return {
  {
    Link = function(link)
      local name, place = link.target:match("^([%w-]+)%.qmd(#?.*)$")
      if (name == "article" or name == "supplement") and ending() then
        link.target = name .. "." .. ending() .. place
        return link
      end
    end,
  },
}
