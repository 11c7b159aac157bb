B)encoder.layer.0.attention.self.value.biasJ`Í’>¤®=å·½ˆ ¾È‹U¾ùP1>Á@?=\†T¾#h>"*¾
’=T›½Iž•=x(Ì½E=×’;>à3^>‚ø¼n A¾}K¸½8-2¾»òh>…š1½°M‹½