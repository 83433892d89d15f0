-- Numbers that have an origin are links on web pages alone (code_page.py makes them); elsewhere they are plain text.
if FORMAT:match("html") then
  return {}
end

return {
  {
    Span = function(span)
      if span.classes:includes("origin") then
        return span.content
      end
    end,
  },
}
