library(rpart)

train <- function(run) {
  petals <- run$order_columns(run$source("petals")$frame())
  run$report("petals", petals)
  rpart(variety ~ ., data = petals, method = "class", control = rpart.control(maxdepth = run$config$max_depth))
}

test <- function(model, run) {
  petals <- run$order_columns(run$source("petals_test")$frame())
  list(accuracy = mean(stats::predict(model, petals, type = "class") == petals$variety))
}

predict <- function(model, args, run) {
  petal <- run$order_columns(data.frame(args))
  list(variety = stats::predict(model, petal, type = "class"))
}
