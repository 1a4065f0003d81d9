locals {
  common_tags = { team = "ml", stage = "prod" }
  fors = [for p in ["a", "b"] : upper(p)]
}
resource "aws_sagemaker_algorithm" "a" {
  algorithm_name = "a"
  training_specification {
    training_image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1"
    supported_training_instance_types = ["ml.m5.xlarge"]
    training_channels {
      name                    = "train"
      supported_content_types = ["text/csv"]
      supported_input_modes   = ["File"]
    }
  }
  tags = local.common_tags
}
resource "aws_sagemaker_algorithm" "b" {
  algorithm_name = "b"
  training_specification {
    training_image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1"
    supported_training_instance_types = concat(["ml.m5.xlarge"], ["ml.g5.xlarg"])
    training_channels {
      name                    = "train"
      supported_content_types = toset(["text/csv"])
      supported_input_modes   = [for m in ["File", "Pype"] : m]
    }
  }
  tags = { for k, v in local.common_tags : k => v }
}
resource "aws_sagemaker_algorithm" "c" {
  algorithm_name = lower("C_d")
  training_specification {
    training_image = format("%s.dkr.ecr.%s.amazonaws.com/x:1", "123456789012", "eu-west-1")
    supported_training_instance_types = var.gpu ? ["ml.g5.xlarg"] : ["ml.m5.xlarg"]
    training_channels {
      name                    = "train"
      supported_content_types = ["text/csv"]
      supported_input_modes   = ["File"]
    }
  }
  tags = merge(local.common_tags, { Name = "c", "aws:x" = "y" })
}
resource "aws_sagemaker_algorithm" "d" {
  algorithm_name = "${[for n in ["a"] : n][0]}"
  training_specification {
    training_image = join("/", [for p in ["a", "b"] : "${p}-x"])
    dynamic "training_channels" {
      for_each = { for i, c in [{ name = "train" }, { name = "test" }] : c.name => c if true }
      content {
        name = training_channels.value.name
      }
    }
    dynamic "supported_hyper_parameters" {
      for_each = { for h in local.hps : h.name => h }
      content {
        name = supported_hyper_parameters.key
        type = supported_hyper_parameters.value.type
      }
    }
  }
}
locals {
  hps = concat([{ name = "a", type = "Integer" }], [for x in local.hps : merge(x, { y = x.name })])
}
