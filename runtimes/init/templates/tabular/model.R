# A baseline for any table: a tree of rpart, which takes numbers, categories and missing values as they are.
library(rpart)

train <- function(run) {
  parts <- split_rows(run)
  run$report("data", parts$training$rows)
  levels <- lapply(parts$training$rows, categories_of)
  rows <- encode(parts$training$rows, levels)
  is_regression <- run$config$task == "regression"
  classes <- if (is_regression) NULL else sort(unique(parts$training$labels))
  rows$y <- if (is_regression) as.numeric(parts$training$labels) else factor(match(parts$training$labels, classes))
  tree <- rpart(y ~ ., data = rows, method = if (is_regression) "anova" else "class", model = FALSE, y = FALSE)
  # A formula remembers where it was written, with all that is there.
  attr(tree$terms, ".Environment") <- globalenv()
  list(tree = tree, levels = levels, classes = classes)
}

# Measures predictions for the rows that training did not see, beside the simplest that could be predicted.
test <- function(model, run) {
  parts <- split_rows(run)
  labels <- parts$holdout$labels
  predicted <- predict_rows(model, parts$holdout$rows)
  if (is.null(model$classes)) {
    variation <- sum((labels - mean(labels))^2)
    return(list(
      rows = length(labels),
      # Of values that do not vary, there is nothing to explain.
      r2 = if (variation > 0) 1 - sum((labels - predicted)^2) / variation,
      mae = mean(abs(labels - predicted)),
      mae_of_usual = mean(abs(labels - mean(parts$training$labels)))
    ))
  }
  counts <- table(match(parts$training$labels, model$classes))
  usual <- model$classes[as.integer(names(counts)[which.max(counts)])]
  list(rows = length(labels), accuracy = mean(labels == predicted), accuracy_of_usual = mean(labels == usual))
}

predict <- function(model, args, run) {
  row <- lapply(names(model$levels), function(name) if (is.null(args[[name]])) NA else args[[name]])
  prediction <- list(predict_rows(model, structure(row, names = names(model$levels))))
  names(prediction) <- run$config$target
  prediction
}

predict_rows <- function(model, rows) {
  predicted <- stats::predict(model$tree, encode(rows, model$levels), type = if (is.null(model$classes)) "vector" else "class")
  if (is.null(model$classes)) unname(predicted) else model$classes[as.integer(as.character(predicted))]
}

# The most frequent texts of a column. One that is there only once, such as a key, would be learned by heart.
categories_of <- function(column) {
  if (!is.character(column) || are_dates(column)) return(NULL)
  counts <- sort(table(column), decreasing = TRUE)
  utils::head(names(counts)[counts > 1], 10)
}

# Columns as a tree takes them: texts as factors, dates and flags as numbers, under names that a formula takes.
encode <- function(rows, levels) {
  columns <- lapply(names(levels), function(name) {
    column <- rows[[name]]
    if (!is.null(levels[[name]])) return(factor(column, levels[[name]]))
    if (is.character(column)) column <- as.POSIXct(substr(column, 1, 10), tz = "UTC", format = "%Y-%m-%d")
    as.numeric(column)
  })
  as.data.frame(stats::setNames(columns, paste0("x_", make.names(names(levels), unique = TRUE))))
}

are_dates <- function(column) {
  known <- column[!is.na(column)]
  length(known) > 0 && all(grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}", known))
}

# Splits the rows that have a label: every fifth is held out for testing.
split_rows <- function(run) {
  frame <- run$source("data")$frame()
  target <- run$config$target
  frame <- frame[!is.na(frame[[target]]), , drop = FALSE]
  held_out <- seq_len(nrow(frame)) %% 5 == 2
  part <- function(chosen) {
    rows <- frame[chosen, setdiff(names(frame), target), drop = FALSE]
    list(rows = rows, labels = frame[[target]][chosen])
  }
  list(training = part(!held_out), holdout = part(held_out))
}
