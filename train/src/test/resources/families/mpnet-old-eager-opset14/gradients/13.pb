B(encoder.layer.0.attention.LayerNorm.biasJ`ËâÇ?·á	@vÉÚ¿jí‚¿¿0ò½pB†¾;]Ÿ?•Şi½©?=9#<v:Ì>raõ¿ZØº?…1Ğ¿6C?,“å>Ë9w>;­e½KŒƒ¿şPe¿; 5?C¢š?W
°¿c«¿