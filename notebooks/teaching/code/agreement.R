#' # Agreement, in R
#'
#' You work out the coefficients of the lesson *Agreement* from tables with a row for each passage. First by the steps of
#' the lesson, then as functions that take any table of codes. Base R is enough.
#'
#' Tables A to D are made up. Replace each NA, run the lines, and type your figures into the lesson, which judges them.

if (!dir.exists("data")) {
  stop("The folder data has to be in the working directory. Use setwd() to go to the folder of this file.", call. = FALSE)
}

# Prints figures under the number of their exercise.
figures <- function(exercise, ...) {
  found <- c(...)
  cat(sprintf("%s %s %s\n", exercise, names(found), ifelse(is.na(found), "to do", sprintf("%.10g", found))), sep = "")
}

read <- function(name) {
  read.csv(file.path("data", paste0(name, ".csv")), row.names = "passage", na.strings = "", check.names = FALSE)
}
table_a <- read("made-up-table-a")
table_b <- read("made-up-table-b")
table_c <- read("made-up-table-c")
table_d <- read("made-up-table-d")

#' `table` counts pairs of codes. Compare it with the table in the lesson.
addmargins(table(Ana = table_a$Ana, Ben = table_a$Ben))

#' ## 3.1 Percent agreement
#'
#' On what share of the passages of table A did Ana and Ben give the same code?
# A column compared with another gives TRUE or FALSE for each passage, and the mean of these is a share.
# Your turn.
percent_a <- NA
figures("3.1", answer = percent_a)

#' ## 3.2 Agreement by chance
#'
#' Suppose that both had given their codes blindly, each code as often as in table A. On what share of passages would
#' they have agreed?
# prop.table(table(x)) gives the share of each code.
# Your turn.
chance_a <- NA
figures("3.2", answer = chance_a)

#' ## 3.3 Cohen's kappa
#'
#' How much of the agreement that chance left open was reached? Divide what was reached beyond chance by what could have
#' been reached beyond chance.
# Your turn.
kappa_a <- NA
figures("3.3", answer = kappa_a)

#' ## 3.4 As much agreement, another kappa
#'
#' In table B, Ana and Ben differ on as many passages as in table A. What is Cohen's kappa?
#' The same steps on another table: time for a function. Write one that takes a table of two coders.
percent <- function(codes) {
  # Your turn.
  NA
}

# Cohen's kappa: chance is given by how often each coder gives each code.
cohen_kappa <- function(codes) {
  # Your turn.
  NA
}
figures("3.4", answer = cohen_kappa(table_b))

#' ## 3.5 Gwet's AC1
#'
#' Gwet defines agreement by chance differently: for two codes it is 2 × s × (1 − s), where s is the share of yes among
#' all codes given. What is AC1 of table B?
# Gwet's AC1: chance is given by the mean share of each code, q of them.
gwet_ac1 <- function(codes) {
  # Your turn.
  NA
}
figures("3.5", answer = gwet_ac1(table_b))

#' ## 3.7 Krippendorff's alpha, with gaps
#'
#' Table C has three coders, who did not get to every passage. Alpha is 1 − (n − 1) × d / e. Use only the passages that
#' at least two coders coded. n is the number of codes in them. For d, work out 2 × (its yes) × (its no) / (its codes −
#' 1) for each passage, and add up the results. e is 2 × (all yes) × (all no). What is alpha?
#' Alpha compares how often codes of a passage differ with how often any codes would. A table with a row for each passage
#' and a column for each code says how often each code was given. Passages with a single code have nothing to compare.
krippendorff_alpha <- function(codes) {
  # Your turn.
  NA
}
figures("3.7", answer = krippendorff_alpha(table_c))

#' ## Coefficient by coefficient
#'
#' The same functions on the tables A, B and D. In which do they differ most, and what is special about its codes?
coefficients <- function(codes) {
  c(percent = percent(codes), kappa = cohen_kappa(codes), ac1 = gwet_ac1(codes), alpha = krippendorff_alpha(codes))
}
round(sapply(list(A = table_a, B = table_b, D = table_d), coefficients), 3)
figures("table-A", coefficients(table_a))
figures("table-B", coefficients(table_b))
figures("table-D", coefficients(table_d))

#' ## Readers of a real study
#'
#' The compendium's readers, sessions of a language model, coded all passages that Chen, Croft and Currie (2024) cite for
#' *stage*. The numbers of the passages are other ones than in the lessons, so that this file does not give their codes
#' away.
stage <- read("published-readers-of-stage")
table(stage)
figures("readers", coefficients(stage))

#' ## Try it
#'
#' - Change a code of table B from *no* to *yes* for both coders, then another, and watch kappa.
#' - Take percent agreement with its interval: draw passages again and again with `stage[sample(nrow(stage), replace = TRUE), ]`.
#' - Compare with a package, such as `irr`. Where they differ, look for how gaps are treated.
