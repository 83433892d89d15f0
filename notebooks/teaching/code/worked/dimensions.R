#' # From quotes to dimensions, in R
#'
#' The tree of codes of the lesson *From quotes to dimensions* as a table: each code with its level and its parent. The codes
#' are numbered, so that this file does not give away how they were grouped. Replace NA, run the lines, and type your figure
#' into the lesson, which judges it.

if (!dir.exists("data")) {
  stop("The folder data has to be in the working directory. Use setwd() to go to the folder of this file.", call. = FALSE)
}

# Prints figures under the number of their exercise.
figures <- function(exercise, ...) {
  found <- c(...)
  cat(sprintf("%s %s %s\n", exercise, names(found), ifelse(is.na(found), "to do", sprintf("%.10g", found))), sep = "")
}

codes <- read.csv(file.path("data", "published-code-tree.csv"), na.strings = "")
table(codes$level)

#' [2.5]
# How many codes does each parent have? table() of parents, for the first-order codes alone.
# >>> your turn
below <- table(codes$parent[codes$level == "first-order"])
single <- sum(below == 1)
# <<< single <- NA
figures("2.5", answer = single)

#' ## Try it
#'
#' - How many first-order codes has each dimension? Replace each parent by its own parent.
#' - Which share of the second-order codes has a single first-order code? What does such a code gather?
