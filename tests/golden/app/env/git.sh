export HTTPS_PROXY=http://127.0.0.1:4040
export HTTP_PROXY=http://127.0.0.1:4040
export https_proxy=http://127.0.0.1:4040
export http_proxy=http://127.0.0.1:4040
export NO_PROXY=corp.example,localhost,127.0.0.1,::1
export no_proxy=corp.example,localhost,127.0.0.1,::1
export GIT_SSL_CAINFO='/my data/bundle.pem'
export ALERT40_BEFORE='{"HTTPS_PROXY":["","http://127.0.0.1:4040"],"HTTP_PROXY":["","http://127.0.0.1:4040"],"https_proxy":["","http://127.0.0.1:4040"],"http_proxy":["","http://127.0.0.1:4040"],"NO_PROXY":["","corp.example,localhost,127.0.0.1,::1"],"no_proxy":["","corp.example,localhost,127.0.0.1,::1"],"GIT_SSL_CAINFO":["","/my data/bundle.pem"]}'
# git, for good:
#     git config --global http.proxy http://127.0.0.1:4040
#     git config --global http.sslCAInfo '/my data/bundle.pem'
