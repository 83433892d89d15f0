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

#' [3.1]
# A column compared with another gives TRUE or FALSE for each passage, and the mean of these is a share.
# >>> your turn
percent_a <- mean(table_a$Ana == table_a$Ben)
# <<< percent_a <- NA
figures("3.1", answer = percent_a)

#' [3.2]
# prop.table(table(x)) gives the share of each code.
# >>> your turn
chance_a <- sum(prop.table(table(table_a$Ana)) * prop.table(table(table_a$Ben)))
# <<< chance_a <- NA
figures("3.2", answer = chance_a)

#' [3.3]
# >>> your turn
kappa_a <- (percent_a - chance_a) / (1 - chance_a)
# <<< kappa_a <- NA
figures("3.3", answer = kappa_a)

#' [3.4]
#' The same steps on another table: time for a function. Write one that takes a table of two coders.
percent <- function(codes) {
  # >>> your turn
  mean(codes[[1]] == codes[[2]])
  # <<< NA
}

# Cohen's kappa: chance is given by how often each coder gives each code.
cohen_kappa <- function(codes) {
  # >>> your turn
  known <- unique(unlist(codes))
  shares <- sapply(codes, function(one) prop.table(table(factor(one, known))))
  chance <- sum(shares[, 1] * shares[, 2])
  (percent(codes) - chance) / (1 - chance)
  # <<< NA
}
figures("3.4", answer = cohen_kappa(table_b))

#' [3.5]
# Gwet's AC1: chance is given by the mean share of each code, q of them.
gwet_ac1 <- function(codes) {
  # >>> your turn
  shares <- prop.table(table(unlist(codes)))
  chance <- sum(shares * (1 - shares)) / (length(shares) - 1)
  (percent(codes) - chance) / (1 - chance)
  # <<< NA
}
figures("3.5", answer = gwet_ac1(table_b))

#' [3.7]
#' Alpha compares how often codes of a passage differ with how often any codes would. A table with a row for each passage
#' and a column for each code says how often each code was given. Passages with a single code have nothing to compare.
krippendorff_alpha <- function(codes) {
  # >>> your turn
  known <- unique(na.omit(unlist(codes)))
  given <- sapply(known, function(code) rowSums(codes == code, na.rm = TRUE))
  given <- given[rowSums(given) > 1, , drop = FALSE]
  of_passage <- rowSums(given)
  of_code <- colSums(given)
  n <- sum(given)
  pairs_that_differ <- of_passage^2 - rowSums(given^2)
  observed <- sum(pairs_that_differ / (of_passage - 1)) / n
  expected <- sum(of_code * (n - of_code)) / (n * (n - 1))
  1 - observed / expected
  # <<< NA
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
