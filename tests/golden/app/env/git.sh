export HTTPS_PROXY=http://127.0.0.1:4040
export HTTP_PROXY=http://127.0.0.1:4040
export https_proxy=http://127.0.0.1:4040
export http_proxy=http://127.0.0.1:4040
export NO_PROXY=corp.example,localhost,127.0.0.1,::1
export no_proxy=corp.example,localhost,127.0.0.1,::1
export GIT_SSL_CAINFO='/my data/bundle.pem'
# git, for good:
#     git config --global http.proxy http://127.0.0.1:4040
#     git config --global http.sslCAInfo '/my data/bundle.pem'
