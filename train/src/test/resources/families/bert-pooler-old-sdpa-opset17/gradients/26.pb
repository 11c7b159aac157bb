B)encoder.layer.1.attention.self.value.biasJ`¯Î&?Ø¯”¾•W3?K"¿…î_?ÙÑ?€‡E¿¦4j½z+¿Ö/?wá•?|ëm¿?È>#î
?9‹Ü¾^?ÎÕ¿Ú[>Ëˆ«>ÒÌŠ>ïV³½Î#'?ªŒ¾Ae6¿