# Makes what the model store keeps.
train <- function(run) {
  list(factor = 2)
}

# Measures it: whatever JSON can hold.
test <- function(model, run) {
  list(factor = model$factor)
}

# Answers one request.
predict <- function(model, args, run) {
  list(y = model$factor * args$x)
}
