# algolint: ignore-file[unknown-field]
resource "aws_sagemaker_algorithm" "this" {
  count          = 2
  algorithm_name = "a b${var.x}"
  algorithm_description = <<-EOT
      first $${x}
    second
  EOT
  training_specification {
    training_image = var.image // algolint: ignore[*]
    supported_training_instance_types = ["ml.m5.large", local.type, "ml.\u0061\U0001F600\n"]
    supports_distributed_training = (true)
    training_channels {
      name = "train" /* x */
    }
    dynamic "training_channels" {
      for_each = var.channels
      content { name = training_channels.value }
    }
    supported_hyper_parameters {
      name = "epochs"
      type = "Integer"
      range {
        integer_parameter_range_specification {
          min_value = -1.5e3
          max_value = 9e400
        }
      }
      default_value = var.y ? null : 3
    }
  }
  validation_specification {
    validation_profiles {
      training_job_definition { hyper_parameters = { "a" = 1, (b) = 2, c : "%{if x}y%{endif}" } }
    }
  }
  tags = { a = "b", "c" = null, for = 1 }
  tags = merge(local.tags, {})
  lifecycle { ignore_changes = [tags] }
}
