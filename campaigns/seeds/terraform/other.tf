variable "x" {}
resource awscc_sagemaker_algorithm that {
  algorithm_name = upper("é")
  training_specification = { training_image = null, supported_hyper_parameters = [for x in y : x], training_channels = [{ name = "é" }, { name = "a", name = "b" }] }
  tags = [{ key = "a", value = lookup(a, b) }]
}
resource "aws_sagemaker_algorithm" "one" {
  algorithm_name = <<E
x
E
}
