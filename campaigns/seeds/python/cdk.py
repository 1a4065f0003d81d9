from aws_cdk import CfnTag, Stack, aws_sagemaker as sagemaker


class Algorithms(Stack):
    def __init__(self, scope, name, **more):
        super().__init__(scope, name, **more)
        channel = sagemaker.CfnAlgorithm.ChannelSpecificationProperty(
            name="train", supported_content_types=["text/csv"], supported_input_modes=["FILE"]
        )
        sagemaker.CfnAlgorithm(
            self,
            "Algorithm",
            algorithm_name="a b",
            training_specification=sagemaker.CfnAlgorithm.TrainingSpecificationProperty(
                training_image=f"{self.account}.dkr.ecr.us-west-2.amazonaws.com/forecaster:1.4.2",
                supported_training_instance_types=["ml.m5.large"],
                training_channels=[channel, {"name": "test", "supportedInputModes": ["File"]}],
            ),
            tags=[CfnTag(key="Team", value="forecasting")],
        )
