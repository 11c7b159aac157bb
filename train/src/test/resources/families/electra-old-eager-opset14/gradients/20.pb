B!encoder.layer.0.output.dense.biasJ`ðóç¾vn>C´n>-Ë¾¾ÛÙ>uÿí¾çŽ>„…>2µð>,Ìx>SQT¾5ãf½cN¸¼‹S—¾îµï½~&Z½ùwÝ¾
h@>iÛÊ>SÒ=X%=0J|¾†Át>µ{Ä¾